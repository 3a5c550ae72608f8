package dev.millpond.spring.internal.ratelimit;

import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ResourceLoader;

/** The files and trees of files that Spring Boot read at the start. */
final class ConfigFiles {

    private static final Pattern NAMES = Pattern.compile("Config (resource|tree) '.*", Pattern.DOTALL);

    private ConfigFiles() {}

    /**
     * Returns an environment with what they say now, which changes nothing of the one that the application has.
     *
     * <p>Where nobody read files at the start nobody expects them, so that environment is returned.
     */
    static ConfigurableEnvironment readAnew(ConfigurableEnvironment running, ResourceLoader resources) {
        List<PropertySource<?>> sources = running.getPropertySources().stream()
                .filter(source -> !ConfigurationPropertySources.isAttachedConfigurationPropertySource(source))
                .toList();
        int firstFile = firstFile(sources);
        return firstFile < 0 ? running : readAnew(running, sources, firstFile, resources);
    }

    private static ConfigurableEnvironment readAnew(
            ConfigurableEnvironment running, List<PropertySource<?>> sources, int firstFile, ResourceLoader resources) {
        ConfigurableEnvironment fresh = new StandardEnvironment();
        MutablePropertySources order = fresh.getPropertySources();
        order.stream().map(PropertySource::getName).toList().forEach(order::remove);
        sources.subList(0, firstFile).forEach(order::addLast);
        sources.stream()
                .filter(DefaultPropertiesPropertySource::hasMatchingName)
                .forEach(order::addLast);
        fresh.setActiveProfiles(running.getActiveProfiles());
        ConfigDataEnvironmentPostProcessor.applyTo(fresh, resources, null);
        sources.subList(firstFile, sources.size()).stream()
                .filter(source -> !isFile(source) && !order.contains(source.getName()))
                .forEach(order::addLast);
        DefaultPropertiesPropertySource.moveToEnd(fresh);
        return fresh;
    }

    private static int firstFile(List<PropertySource<?>> sources) {
        return sources.stream()
                .filter(ConfigFiles::isFile)
                .findFirst()
                .map(sources::indexOf)
                .orElse(-1);
    }

    private static boolean isFile(PropertySource<?> source) {
        return NAMES.matcher(source.getName()).matches();
    }
}
