package dev.millpond.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class CorrelationFilterTest {

    private final CorrelationFilter filter = CorrelationFilter.create();
    private final FakeRequest request = new FakeRequest();
    private final List<@Nullable String> seen = new ArrayList<>();
    private final FilterChain chain = (in, out) -> seen.add(MDC.get(CorrelationFilter.KEY));

    @AfterEach
    void clear() {
        MDC.clear();
    }

    @Test
    void doFilter_correlationId_isInTheContextMeanwhile() throws Exception {
        request.field("X-Correlation-ID", "order-7");

        filter.doFilter(request, new FakeResponse(), chain);

        assertThat(seen).containsExactly("order-7");
        assertThat(MDC.get("correlationId")).isNull();
    }

    @Test
    void doFilter_traceParent_wins() throws Exception {
        request.field("X-Correlation-ID", "order-7");
        request.field("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

        filter.doFilter(request, new FakeResponse(), chain);

        assertThat(seen).containsExactly("4bf92f3577b34da6a3ce929d0e0e4736");
    }

    @Test
    void doFilter_dispatchedAgain_keepsItsId() throws Exception {
        filter.doFilter(request, new FakeResponse(), chain);
        filter.doFilter(request, new FakeResponse(), chain);
        filter.doFilter(new FakeRequest(), new FakeResponse(), chain);

        assertThat(seen.get(0)).matches("[0-9a-f]{32}").isEqualTo(seen.get(1)).isNotEqualTo(seen.get(2));
    }

    @Test
    void doFilter_chainThrows_restoresWhatWasThere() {
        MDC.put(CorrelationFilter.KEY, "outer");
        request.field("X-Correlation-ID", "inner");

        assertThatThrownBy(() -> filter.doFilter(request, new FakeResponse(), (in, out) -> {
                    chain.doFilter(in, out);
                    throw new ServletException("broken");
                }))
                .isInstanceOf(ServletException.class);

        assertThat(seen).containsExactly("inner");
        assertThat(MDC.get(CorrelationFilter.KEY)).isEqualTo("outer");
    }

    @Test
    void doFilter_nested_showsTheSameId() throws IOException, ServletException {
        request.field("X-Correlation-ID", "order-7");

        filter.doFilter(request, new FakeResponse(), (in, out) -> {
            filter.doFilter(in, out, chain);
            chain.doFilter(in, out);
        });

        assertThat(seen).containsExactly("order-7", "order-7");
    }
}
