package dev.millpond.spring.internal.jobs;

import dev.millpond.cache.LoadingCache;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;

/**
 * A cache that is a bean, and how that was declared.
 *
 * @param name of the bean
 * @param declared as much as is known of its type
 */
record LoadingCacheBean(String name, LoadingCache<Object, ?> cache, ResolvableType declared) {

    /** Returns those of a context and of the contexts around it that are there as long as these are. */
    static Stream<LoadingCacheBean> in(ConfigurableListableBeanFactory beans) {
        return Stream.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, LoadingCache.class, false, true))
                .map(name -> new LoadingCacheBean(name, cache(beans, name), declared(beans, name)));
    }

    @SuppressWarnings("unchecked") // Whoever gives it keys goes by its type of keys.
    private static LoadingCache<Object, ?> cache(ConfigurableListableBeanFactory beans, String name) {
        return beans.getBean(name, LoadingCache.class);
    }

    private static ResolvableType declared(ConfigurableListableBeanFactory beans, String name) {
        try {
            return beans.getMergedBeanDefinition(name).getResolvableType();
        } catch (NoSuchBeanDefinitionException e) { // a singleton that was registered as it is
            return ResolvableType.NONE;
        }
    }

    /** Returns this or another bean of the same cache, whichever says its type of keys. */
    LoadingCacheBean orTyped(LoadingCacheBean other) {
        return keyType().isPresent() ? this : other;
    }

    /** Returns the type of its keys; empty if the declaration leaves it open. */
    Optional<Type> keyType() {
        ResolvableType key = declared.as(LoadingCache.class).getGeneric(0);
        return Optional.ofNullable(key.resolve())
                .map(known -> key.getType() instanceof TypeVariable<?> ? known : key.getType());
    }
}
