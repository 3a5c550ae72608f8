package dev.millpond.runtime.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millpond.runtime.Switch;
import dev.millpond.runtime.SwitchMode;
import dev.millpond.runtime.SwitchSetting;
import dev.millpond.runtime.spi.SharedState;
import dev.millpond.runtime.spi.StateHeader;
import dev.millpond.runtime.spi.UnreadableStateException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Settings of switches as they are stored: a line with the number of the format and the version, then one line per
 * setting: owner, switch, mode, time, and who said it.
 *
 * <p>A line that says something new is kept as it is, and does nothing here, so that nodes of different versions can
 * share switches. A format with another number is not read at all.
 *
 * @param kept whether what is stored is kept over restarts
 */
record SwitchText(boolean kept) implements SharedState.Format<SwitchBook> {

    private static final StateHeader HEADER = new StateHeader("millpond-switches", 1);
    private static final Pattern OWNER = Pattern.compile("fleet|node:[A-Za-z0-9._-]{1,64}");
    private static final int WORDS = 5;
    private static final String TAKEN_BACK = "default";

    @Override
    public String subject() {
        return "switches";
    }

    @Override
    public SwitchBook none() {
        return SwitchBook.EMPTY;
    }

    @Override
    public long version(SwitchBook state) {
        return state.version();
    }

    @Override
    public int unknownLines(SwitchBook state) {
        return state.unknown().size();
    }

    @Override
    public String write(SwitchBook state) {
        List<String> lines = new ArrayList<>();
        new TreeMap<>(state.settings()).forEach((key, setting) -> lines.add(key + " " + write(setting)));
        return HEADER.write(state.version(), state.unknown(), lines);
    }

    private static String write(SwitchSetting setting) {
        return setting.mode().map(SwitchMode::toString).orElse(TAKEN_BACK) + " " + setting.at() + " "
                + URLEncoder.encode(setting.by(), UTF_8);
    }

    @Override
    public SwitchBook read(String text) throws UnreadableStateException {
        List<String> lines = text.lines().toList();
        long version = HEADER.read(lines);
        Map<SwitchKey, SwitchSetting> settings = new HashMap<>();
        List<String> unknown = HEADER.unknown(lines, line -> readSetting(line, settings));
        return new SwitchBook(version, settings, unknown);
    }

    private boolean readSetting(String line, Map<SwitchKey, SwitchSetting> settings) {
        String[] words = line.split(" ", -1);
        if (words.length != WORDS || !OWNER.matcher(words[0]).matches()) {
            return false;
        }
        Optional<SwitchMode> mode =
                words[2].equals(TAKEN_BACK) ? Optional.empty() : Optional.of(SwitchMode.parse(words[2]));
        settings.put(
                new SwitchKey(words[0], new Switch(words[1])),
                new SwitchSetting(mode, URLDecoder.decode(words[4], UTF_8), Instant.parse(words[3]), kept));
        return true;
    }
}
