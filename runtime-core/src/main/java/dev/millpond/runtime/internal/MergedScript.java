package dev.millpond.runtime.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisException;
import org.redisson.client.RedisNoReplicasException;
import org.redisson.client.RedisOutOfMemoryException;
import org.redisson.client.RedisReadonlyException;

/** A script that runs another one for several callers, each of whom is answered or fails alone. */
final class MergedScript {

    private static final String CALLS = read();

    /** Behind it, if a script has it, stands what is run for each caller; before it what is run once. */
    private static final String EACH = "-- For each call:\n";

    private static final Long DONE = 1L;

    /** Of a program's scripts, which are few. */
    private static final ConcurrentMap<String, String> KNOWN = new ConcurrentHashMap<>();

    private MergedScript() {}

    /** Returns the script that runs one for several callers. */
    static String of(String script) {
        String known = KNOWN.get(script);
        return known != null ? known : KNOWN.computeIfAbsent(script, MergedScript::merged);
    }

    private static String merged(String script) {
        int each = script.indexOf(EACH);
        String shared = each < 0 ? "" : script.substring(0, each);
        String call = each < 0 ? script : script.substring(each);
        return "local KEYS, ARGV = KEYS, ARGV\n" + shared + "\nlocal function call()\n" + call + "\nend\n" + CALLS;
    }

    /**
     * Returns the arguments for several callers.
     *
     * @param keys how many keys each of them has
     * @param arguments those of each; what all have alike at the beginning is sent once, and so are the numbers of keys
     *     and arguments, if they do not differ and are not 0
     */
    static List<byte[]> arguments(List<Integer> keys, List<List<byte[]>> arguments) {
        boolean alike = keys.get(0) > 0 && areAsMany(keys, arguments);
        int common = commonBeginning(arguments);
        List<byte[]> all = new ArrayList<>();
        all.add(number(common));
        all.add(number(alike ? keys.get(0) : 0));
        all.add(number(alike ? arguments.get(0).size() - common : 0));
        all.addAll(arguments.get(0).subList(0, common));
        for (int i = 0; i < keys.size(); i++) {
            List<byte[]> own = arguments.get(i).subList(common, arguments.get(i).size());
            if (!alike) {
                all.add(number(keys.get(i)));
                all.add(number(own.size()));
            }
            all.addAll(own);
        }
        return all;
    }

    /** Tells whether each caller has as many keys and arguments as the others. */
    private static boolean areAsMany(List<Integer> keys, List<List<byte[]>> arguments) {
        for (int i = 1; i < keys.size(); i++) {
            if (!keys.get(i).equals(keys.get(0))
                    || arguments.get(i).size() != arguments.get(0).size()) {
                return false;
            }
        }
        return true;
    }

    private static int commonBeginning(List<List<byte[]>> arguments) {
        List<byte[]> first = arguments.get(0);
        int common = first.size();
        for (int i = 1; i < arguments.size(); i++) {
            common = commonBeginning(first, arguments.get(i), common);
        }
        return common;
    }

    private static int commonBeginning(List<byte[]> some, List<byte[]> others, int most) {
        int common = 0;
        while (common < Math.min(most, others.size()) && Arrays.equals(some.get(common), others.get(common))) {
            common++;
        }
        return common;
    }

    private static byte[] number(int number) {
        return Integer.toString(number).getBytes(UTF_8);
    }

    /** Returns what went wrong for a caller, as the client would say it of a call alone; null if nothing did. */
    static @Nullable RedisException failure(List<?> answer) {
        if (DONE.equals(answer.get(0))) {
            return null;
        }
        String text = new String((byte[]) answer.get(1), UTF_8);
        if (text.contains("READONLY ")) {
            return new RedisReadonlyException(text);
        } else if (text.contains("OOM ")) {
            return new RedisOutOfMemoryException(text);
        } else if (text.contains("NOREPLICAS ")) {
            return new RedisNoReplicasException(text);
        }
        return new RedisException(text);
    }

    /** Returns what a caller is answered, perhaps null. */
    static @Nullable Object value(List<?> answer) {
        return answer.size() > 1 ? answer.get(1) : null;
    }

    private static String read() {
        try (InputStream script = MergedScript.class.getResourceAsStream("/dev/millpond/runtime/calls.lua")) {
            if (script == null) {
                throw new IllegalStateException("The script calls.lua is missing from the millpond-runtime-core jar.");
            }
            return new String(script.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
