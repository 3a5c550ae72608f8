package dev.millpond.examples.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChangingMatchTest {

    private final ChangingMatch match = new ChangingMatch(26);

    @Test
    void allows_scoreThatWasAnsweredBeforeTheQuestion_isTrue() {
        change(205);

        assertThat(match.allows(2, 5, match.answered())).isTrue();
    }

    @Test
    void allows_olderScore_isFalseUnlessTheQuestionIsOlder() {
        int before = match.answered();
        change(1);

        assertThat(match.allows(0, 0, match.answered())).isFalse();
        assertThat(match.allows(0, 0, before)).isTrue();
    }

    @Test
    void allows_scoreOfAChangeUnderWay_isTrueAndThatOfNoneIsFalse() {
        assertThat(match.beginChange()).isEqualTo("{\"homeGoals\":0,\"awayGoals\":1}");

        assertThat(match.allows(0, 1, match.answered())).isTrue();
        assertThat(match.allows(0, 0, match.answered())).isTrue();
        assertThat(match.allows(0, 2, match.answered())).isFalse();
    }

    private void change(int times) {
        for (int i = 0; i < times; i++) {
            match.beginChange();
            match.endChange();
        }
    }
}
