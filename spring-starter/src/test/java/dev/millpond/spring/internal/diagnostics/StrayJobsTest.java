package dev.millpond.spring.internal.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

final class StrayJobsTest {

    @Test
    void check_factoryOfUnknownTypeIsLazy_isNotMadeForIt() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(LazyFactory.class)) {
            new StrayJobs(context).afterSingletonsInstantiated();

            assertThat(context.getBean(AtomicInteger.class)).hasValue(0);
        }
    }

    /** A bean whose type only its factory knows. */
    @Configuration(proxyBeanMethods = false)
    static class LazyFactory {

        @Bean
        AtomicInteger made() {
            return new AtomicInteger();
        }

        @Bean
        @Lazy
        FactoryBean<?> factory(AtomicInteger made) {
            made.incrementAndGet();
            return new FactoryBean<Object>() {
                @Override
                public Object getObject() {
                    return "thing";
                }

                @Override
                public Class<?> getObjectType() {
                    return String.class;
                }
            };
        }
    }
}
