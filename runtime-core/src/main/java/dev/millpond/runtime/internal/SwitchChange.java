package dev.millpond.runtime.internal;

import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchSetting;
import java.time.Instant;

/**
 * What somebody asks for, whatever is stored then; immutable.
 *
 * <p>Only what is stored counts, since a node that has just started has read nothing yet.
 *
 * @param owner of what is set
 * @param setting what to set, at the time of this node's clock
 */
record SwitchChange(String owner, Switch which, SwitchSetting setting) {

    /** Sets it. */
    SwitchBook set(SwitchBook book) {
        Instant at = after(book);
        return book.with(owner, which, new SwitchSetting(setting.mode(), setting.by(), at, setting.kept()), at);
    }

    /** Sets that it was taken back; where nothing is set there is nothing to take back. */
    SwitchBook takeBack(SwitchBook book) {
        return book.mode(owner, which).isPresent() ? set(book) : book;
    }

    /** Takes out what something else says now. */
    SwitchBook remove(SwitchBook book) {
        return book.without(owner, which, setting.at());
    }

    /** A clock that is behind that of another node must not make this change look older than what it replaces. */
    private Instant after(SwitchBook book) {
        SwitchSetting before = book.get(owner, which);
        return before == null || before.at().isBefore(setting.at())
                ? setting.at()
                : before.at().plusMillis(1);
    }
}
