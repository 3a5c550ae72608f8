package dev.millpond.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.millpond.ratelimit.RateLimit;
import dev.millpond.ratelimit.RateLimiter;
import dev.millpond.ratelimit.Tier;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * How many bytes the filter and a limiter in this process allocate for a request, whatever the container does.
 *
 * <p>Tests run on the first compiler alone, which makes every object that is written down; the second one leaves a
 * third of them out.
 */
class RequestAllocationTest {

    private static final int REQUESTS = 10_000;

    /** Something else, such as the compiler, may disturb one round, but not all. */
    private static final int ROUNDS = 10;

    private static final FilterChain NOTHING = (request, response) -> {};

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Tier plenty = Tier.of("plenty", RateLimit.perSecond(500_000_000));
    private final RateLimitFilter filter = RateLimitFilter.builder(RateLimiter.builder()
                    .secret("sixteen-letters!")
                    .tierOf(key -> Optional.of(plenty))
                    .build())
            .build();
    private final HttpServletRequest request = new Forgetful(new FakeRequest().field("X-API-Key", "demo"));
    private final HttpServletResponse response = new Unread();

    @Test
    void doFilter_allowed_allocatesLittle() throws Exception {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            least = Math.min(least, bytesOfRequests() / REQUESTS);
        }

        assertThat(least).isBetween(1L, 1_750L);
    }

    private long bytesOfRequests() throws IOException, ServletException {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < REQUESTS; i++) {
            filter.doFilter(request, response, NOTHING);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /** A request that is a new one each time. */
    private static final class Forgetful extends HttpServletRequestWrapper {

        Forgetful(HttpServletRequest request) {
            super(request);
        }

        @Override
        public @Nullable Object getAttribute(String name) {
            return null;
        }

        @Override
        public void setAttribute(String name, Object value) {}
    }

    /** A response that nobody reads. */
    private static final class Unread extends HttpServletResponseWrapper {

        Unread() {
            super(new FakeResponse());
        }

        @Override
        public void addHeader(String name, String value) {}

        @Override
        public boolean containsHeader(String name) {
            return false;
        }
    }
}
