package dev.millpond.spring.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millpond.spring.FakeCachingProvider;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.mock.env.MockEnvironment;

final class JCacheProvidersTest {

    @Test
    void ofApplication_onlyRedissons_isEmpty() {
        assertThat(JCacheProviders.ofApplication(getClass().getClassLoader())).isEmpty();
    }

    @Test
    void ofApplication_oneBesidesRedissons_isThat(@TempDir Path directory) {
        assertThat(JCacheProviders.ofApplication(FakeCachingProvider.classLoader(directory)))
                .contains(FakeCachingProvider.class.getName());
    }

    @Test
    void ofApplication_withoutJCache_isEmpty() {
        assertThat(JCacheProviders.ofApplication(new FilteredClassLoader("javax.cache")))
                .isEmpty();
    }

    @Test
    void postProcess_providerOfTheApplication_isNamed(@TempDir Path directory) {
        MockEnvironment environment = new MockEnvironment();

        postProcess(environment, directory);

        assertThat(environment.getProperty("spring.cache.jcache.provider"))
                .isEqualTo(FakeCachingProvider.class.getName());
    }

    @Test
    void postProcess_propertySet_isLeftAlone(@TempDir Path directory) {
        MockEnvironment environment = new MockEnvironment().withProperty("spring.cache.jcache.provider", "other");

        postProcess(environment, directory);

        assertThat(environment.getProperty("spring.cache.jcache.provider")).isEqualTo("other");
    }

    private static void postProcess(MockEnvironment environment, Path directory) {
        SpringApplication application =
                new SpringApplication(new DefaultResourceLoader(FakeCachingProvider.classLoader(directory)));
        new JCachePostProcessor().postProcessEnvironment(environment, application);
    }
}
