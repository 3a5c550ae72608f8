package org.springframework.cloud.context.environment;

import java.io.Serial;
import java.util.Set;
import org.springframework.context.ApplicationEvent;

/** Stands in for the event of this name in Spring Cloud, which is no dependency. */
public class EnvironmentChangeEvent extends ApplicationEvent {

    @Serial
    private static final long serialVersionUID = 1L;

    public EnvironmentChangeEvent(Object context, Set<String> keys) {
        super(context);
    }
}
