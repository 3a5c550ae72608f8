package dev.millpond.spring.internal.ratelimit;

import java.util.Objects;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;

/** Says why properties are refused in the words in which the start would have failed. */
record RefusalText(BeanFactory beans) {

    /**
     * Returns the description and what to do.
     *
     * @param environment which the properties came from
     */
    String of(RuntimeException failure, Environment environment) {
        ArgumentResolver arguments =
                ArgumentResolver.of(BeanFactory.class, beans).and(Environment.class, environment);
        return SpringFactoriesLoader.forDefaultResourceLocation(RefusalText.class.getClassLoader())
                .load(FailureAnalyzer.class, arguments, (type, name, unavailable) -> {})
                .stream()
                .sorted(AnnotationAwareOrderComparator.INSTANCE)
                .map(analyzer -> analyzer.analyze(failure))
                .filter(Objects::nonNull)
                .findFirst()
                .map(RefusalText::text)
                .orElseGet(() -> String.valueOf(failure.getMessage()));
    }

    private static String text(FailureAnalysis analysis) {
        return analysis.getDescription() + " " + analysis.getAction();
    }
}
