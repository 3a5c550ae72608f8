package dev.millpond.spring.internal.cache;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports caching annotations that cannot work. */
final class InvalidCachingFailureAnalyzer extends AbstractFailureAnalyzer<InvalidCachingException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidCachingException cause) {
        return new FailureAnalysis(cause.problem(), cause.fix(), cause);
    }
}
