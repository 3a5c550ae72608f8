package dev.millpond.spring.internal.cache;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports two methods that use one cache for values of different types. */
final class ConflictingTypesFailureAnalyzer extends AbstractFailureAnalyzer<ConflictingTypesException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ConflictingTypesException cause) {
        return new FailureAnalysis(cause.problem(), cause.fix(), cause);
    }
}
