package dev.millpond.spring.internal.ratelimit;

import dev.millpond.spring.RateLimitProperties;
import dev.millpond.spring.RateLimitReload;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.IgnoreTopLevelConverterNotFoundBindHandler;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.event.GenericApplicationListener;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.ResourceLoader;

/** Binds the properties of rate limits anew, when it is asked to and when Spring Cloud says that they changed. */
public final class EnvironmentReload implements RateLimitReload, GenericApplicationListener {

    /** By name, since it is no dependency. */
    private static final String CHANGE = "org.springframework.cloud.context.environment.EnvironmentChangeEvent";

    private static final String PREFIX = "millpond.rate-limit";
    private static final Logger log = LoggerFactory.getLogger(EnvironmentReload.class);

    private final LiveProperties live;
    private final ConfigurableEnvironment environment;
    private final ResourceLoader resources;
    private final RefusalText refusals;
    private final boolean filterMissing;
    private String lastRefusal = "";

    /**
     * Creates it for an application.
     *
     * @param filterMissing whether the application could have a filter, but showed at the start that it wants none
     */
    public EnvironmentReload(
            LiveProperties live,
            ConfigurableEnvironment environment,
            ResourceLoader resources,
            BeanFactory beans,
            boolean filterMissing) {
        this.live = live;
        this.environment = environment;
        this.resources = resources;
        this.refusals = new RefusalText(beans);
        this.filterMissing = filterMissing;
    }

    @Override
    public synchronized List<String> reload() {
        return take(() -> ConfigFiles.readAnew(environment, resources));
    }

    @Override
    public boolean supportsEventType(ResolvableType eventType) {
        Class<?> type = eventType.resolve();
        return type != null && type.getName().equals(CHANGE);
    }

    /** Whoever tells of a change has put it into the environment, and has other listeners to tell too. */
    @Override
    public synchronized void onApplicationEvent(ApplicationEvent event) {
        try {
            List<String> unused = take(() -> environment);
        } catch (IllegalArgumentException e) {
            log.debug("The change of the environment is refused, which was logged.", e);
        }
    }

    private List<String> take(Supplier<ConfigurableEnvironment> source) {
        ConfigurableEnvironment from = environment;
        try {
            from = source.get();
            return take(bind(from));
        } catch (RuntimeException e) {
            throw refused(refusals.of(e, from), e);
        }
    }

    /** As Spring Boot does at the start: what does not exist is refused, but not among environment variables. */
    private static RateLimitProperties bind(ConfigurableEnvironment from) {
        return Binder.get(
                        from,
                        new NoUnboundElementsBindHandler(
                                new IgnoreTopLevelConverterNotFoundBindHandler(), new UnboundElementsSourceFilter()))
                .bindOrCreate(PREFIX, Bindable.of(RateLimitProperties.class));
    }

    private List<String> take(RateLimitProperties next) {
        List<String> needRestart = RestartCheck.changed(live.atStart(), next, filterMissing);
        if (!next.equals(live.inForce())) {
            live.replaceBy(next);
            log.info("Changed properties of rate limits are in force on this node.");
            warn(needRestart);
        }
        lastRefusal = "";
        return needRestart;
    }

    private void warn(List<String> needRestart) {
        if (needRestart.isEmpty()) {
            return;
        }
        log.warn("Changed properties {} count only after a restart.", needRestart);
        if (filterMissing) {
            log.warn(
                    "No filter limits requests: there were no properties {}.* at the start, and no TierResolver."
                            + " Restart the application to have one.",
                    PREFIX);
        }
    }

    private IllegalArgumentException refused(String refusal, RuntimeException cause) {
        if (!refusal.equals(lastRefusal)) {
            lastRefusal = refusal;
            log.warn("Changed properties of rate limits are refused, those in force stay. {}", refusal);
        }
        return new IllegalArgumentException(refusal, cause);
    }
}
