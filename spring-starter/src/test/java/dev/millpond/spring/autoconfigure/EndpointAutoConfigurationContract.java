package dev.millpond.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

/** When an endpoint is made, and when it is not; one subclass per endpoint. */
abstract class EndpointAutoConfigurationContract {

    private final String id;
    private final String bean;
    private final WebApplicationContextRunner exposed;

    /** Tests the endpoint of this id and bean in a context that has all it needs but does not expose it. */
    EndpointAutoConfigurationContract(String id, String bean, WebApplicationContextRunner runner) {
        this.id = id;
        this.bean = bean;
        this.exposed = runner.withPropertyValues("management.endpoints.web.exposure.include=" + id);
    }

    @Test
    void endpoint_exposed_isThere() {
        exposed.run(context -> assertThat(context).hasBean(bean));
    }

    @Test
    void endpoint_notExposed_isNotMade() {
        exposed.withPropertyValues("management.endpoints.web.exposure.include=health")
                .run(context -> assertThat(context).doesNotHaveBean(bean));
    }

    @Test
    void endpoint_accessNone_isNotMade() {
        exposed.withPropertyValues("management.endpoint." + id + ".access=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(bean));
    }

    @Test
    void endpoint_millpondDisabled_isNotMade() {
        exposed.withPropertyValues("millpond.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(bean));
    }

    @Test
    void endpoint_withoutActuator_isNotMade() {
        exposed.withClassLoader(new FilteredClassLoader(WebEndpoint.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(bean));
    }
}
