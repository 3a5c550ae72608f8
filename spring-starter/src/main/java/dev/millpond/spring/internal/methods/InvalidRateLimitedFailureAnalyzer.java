package dev.millpond.spring.internal.methods;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports annotations of limits that cannot work. */
final class InvalidRateLimitedFailureAnalyzer extends AbstractFailureAnalyzer<InvalidRateLimitedException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidRateLimitedException cause) {
        return new FailureAnalysis(cause.problem(), cause.fix(), cause);
    }
}
