package dev.millpond.spring.internal.diagnostics;

import dev.millpond.cache.Warmer;
import dev.millpond.spring.WarmUpSettings;
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
        if (!settings.warmers().isEmpty()) {
            warn(NameCheck.of(settings.warmers().keySet(), present()));
        }
    }

    private Stream<String> present() {
        return Stream.concat(warmers.get().map(Warmer::name), settings.hotKeysOf().stream());
    }

    private static void warn(NameCheck names) {
        if (!names.unknown().isEmpty()) {
            log.warn(
                    "Properties below 'millpond.cache.warm-up.warmers' name {}, but the warmers of this application are {}.{}",
                    names.unknown(),
                    names.known(),
                    names.fixOr(" Make beans of these, or remove the properties."));
        }
    }
}
