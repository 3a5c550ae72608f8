package dev.millpond.spring.internal.diagnostics;

import dev.millpond.cache.Warmer;
import dev.millpond.spring.WarmUpSettings;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/** Warns once, when the application is ready, of properties of warmers that it does not have. */
public final class UnknownWarmers implements ApplicationListener<ApplicationReadyEvent> {

    private static final Logger log = LoggerFactory.getLogger(UnknownWarmers.class);

    private final Supplier<Stream<Warmer>> warmers;
    private final WarmUpSettings settings;

    /** Creates it for the warmers that the application has by then. */
    public UnknownWarmers(Supplier<Stream<Warmer>> warmers, WarmUpSettings settings) {
        this.warmers = warmers;
        this.settings = settings;
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        if (settings.warmers().isEmpty()) {
            return;
        }
        List<String> known = warmers.get().map(Warmer::name).sorted().toList();
        List<String> unknown = settings.warmers().keySet().stream()
                .filter(name -> !known.contains(name))
                .sorted()
                .toList();
        if (!unknown.isEmpty()) {
            warn(unknown, known);
        }
    }

    private static void warn(List<String> unknown, List<String> known) {
        Optional<String> nearest = EditDistance.nearest(unknown.get(0), known);
        log.warn(
                "Properties below 'millpond.cache.warm-up.warmers' name {}, but the warmers of this application are {}.{}",
                unknown,
                known,
                nearest.map(name -> " Use '" + name + "' for '" + unknown.get(0) + "', or remove it.")
                        .orElse(" Make beans of these, or remove the properties."));
    }
}
