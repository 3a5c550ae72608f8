package dev.millpond.runtime.internal;

import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchSetting;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings of which only so many can be in one book, so that one kind of them leaves room for the others. */
enum SwitchRoom {

    /** What turns everything off must never be refused; there are only a few of these. */
    GENERAL_OF_THE_FLEET("general switches are set", "Take back some of them."),

    /** Nodes may have other names after each restart. */
    GENERAL_OF_NODES("switches of nodes are kept", "Set it without keeping it, or for the fleet."),

    SINGLE_CACHES("switches of single caches are set", "Set 'cache' in their place, or take back some of them.");

    private final String subject;
    private final String fix;

    SwitchRoom(String subject, String fix) {
        this.subject = subject;
        this.fix = fix;
    }

    static SwitchRoom of(SwitchKey key) {
        if (key.which().whole().equals(Optional.of(Switch.CACHE))) {
            return SINGLE_CACHES;
        }
        return key.owner().equals(SwitchBook.FLEET) ? GENERAL_OF_THE_FLEET : GENERAL_OF_NODES;
    }

    String subject() {
        return subject;
    }

    String fix() {
        return fix;
    }

    /** Drops settings that were taken back, the oldest first, until there is room; returns false if there is none. */
    boolean make(Map<SwitchKey, SwitchSetting> settings) {
        long tooMany = settings.keySet().stream().filter(key -> of(key) == this).count() - SwitchBook.MOST_SETTINGS;
        if (tooMany <= 0) {
            return true;
        }
        List<SwitchKey> takenBack = settings.entrySet().stream()
                .filter(each ->
                        of(each.getKey()) == this && each.getValue().mode().isEmpty())
                .sorted(Map.Entry.<SwitchKey, SwitchSetting>comparingByValue(Comparator.comparing(SwitchSetting::at))
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(tooMany)
                .map(Map.Entry::getKey)
                .toList();
        takenBack.forEach(settings::remove);
        return takenBack.size() == tooMany;
    }
}
