package dev.millpond.spring.internal.diagnostics;

import dev.millpond.cache.Warmer;
import dev.millpond.runtime.Job;
import dev.millpond.runtime.Jobs;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Warns of warmers and jobs in a context that leaves it to one around it to run jobs, where nobody sees them. */
public final class StrayJobs implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(StrayJobs.class);

    private final ListableBeanFactory beans;

    /** Creates it for the beans of this context. */
    public StrayJobs(ListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<String> strays = Stream.of(Warmer.class, Job.class)
                .flatMap(type -> Stream.of(names(type)))
                .sorted()
                .toList();
        if (!strays.isEmpty() && jobsAreOfAParent()) {
            log.warn(
                    "No bean of type Jobs runs the beans {} of type Warmer or Job: they are in a child context, and the"
                            + " bean of type Jobs is in its parent, which does not see them. Declare them there, or make a bean of type"
                            + " Jobs here.",
                    strays);
        }
    }

    /** Returns the beans of a type in this context; none is made just to see what it is. */
    private String[] names(Class<?> type) {
        return beans.getBeanNamesForType(type, true, false);
    }

    private boolean jobsAreOfAParent() {
        return names(Jobs.class).length == 0
                && BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, Jobs.class, true, false).length > 0;
    }
}
