package dev.millpond.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class GroupedCallTest {

    private final CompletableFuture<Long> ofClient = new CompletableFuture<>();
    private final GroupedCall<Long> call = new GroupedCall<>(commands -> ofClient);

    @Test
    void issue_clientAnswers_isAnswered() {
        call.issue(new FakeCommands());

        ofClient.complete(1L);

        assertThat(call.answer()).isCompletedWithValue(1L);
        assertThat(call.awaited()).isFalse();
    }

    @Test
    void cancel_commandIssued_cancelsItToo() {
        call.issue(new FakeCommands());

        assertThat(call.answer().cancel(true)).isTrue();

        assertThat(ofClient).isCancelled();
        assertThat(call.awaited()).isFalse();
    }

    @Test
    void cancel_whileTheCommandIsIssued_cancelsItToo() {
        CompletableFuture<CompletableFuture<Long>> own = new CompletableFuture<>();
        GroupedCall<Long> hasty = new GroupedCall<>(commands -> {
            own.join().cancel(true);
            return ofClient;
        });
        own.complete(hasty.answer());

        hasty.issue(new FakeCommands());

        assertThat(ofClient).isCancelled();
    }

    @Test
    void cancel_answered_leavesTheCommandAlone() {
        CompletableFuture<Long> neverCancelled = new CompletableFuture<>();
        GroupedCall<Long> answered = new GroupedCall<>(commands -> neverCancelled);
        answered.issue(new FakeCommands());
        answered.answer().complete(2L);

        assertThat(answered.answer().cancel(true)).isFalse();

        assertThat(neverCancelled).isNotDone();
    }
}
