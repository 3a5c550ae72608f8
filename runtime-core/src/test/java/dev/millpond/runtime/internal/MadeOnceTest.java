package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class MadeOnceTest {

    private final AtomicInteger makers = new AtomicInteger();
    private final List<String> ended = new ArrayList<>();
    private final MadeOnce<String> made = new MadeOnce<>(() -> "client " + makers.incrementAndGet());

    @Test
    void get_askedAgain_isTheSame() {
        assertThat(made.get()).isEqualTo("client 1");
        assertThat(made.get()).isEqualTo("client 1");
    }

    @Test
    void get_makerFails_isMadeByTheNextOne() {
        MadeOnce<String> failing = new MadeOnce<>(() -> {
            if (makers.incrementAndGet() == 1) {
                throw new IllegalStateException("no thread left");
            }
            return "client";
        });

        assertThat(catchThrowable(failing::get)).hasMessage("no thread left");
        assertThat(failing.get()).isEqualTo("client");
    }

    @Test
    void end_madeAlready_endsIt() {
        made.get();

        made.end(ended::add);

        assertThat(ended).containsExactly("client 1");
    }

    @Test
    void end_notMadeYet_makesNothingAnyMore() {
        made.end(ended::add);

        assertThat(ended).isEmpty();
        assertThatIllegalStateException().isThrownBy(made::get).withMessage("The Redis connection is closed.");
        assertThat(makers).hasValue(0);
    }

    @Test
    void end_beingMade_waitsForItAndEndsIt() throws InterruptedException, ExecutionException, TimeoutException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        MadeOnce<String> slow = new MadeOnce<>(() -> {
            begun.countDown();
            await(goOn);
            return "client";
        });
        FutureTask<String> first = new FutureTask<>(slow::get);
        Thread maker = new Thread(first);
        maker.start();
        begun.await();
        Thread ender = new Thread(() -> slow.end(ended::add));
        ender.start();

        goOn.countDown();
        ender.join();

        assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("client");
        assertThat(ended).containsExactly("client");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
