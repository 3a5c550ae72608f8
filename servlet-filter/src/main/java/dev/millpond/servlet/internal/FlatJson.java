package dev.millpond.servlet.internal;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads a JSON object whose members are texts and truth values, which is all that commands need; anything else is
 * refused. Not thread-safe.
 */
public final class FlatJson {

    private static final String FIX = " Send an object such as {\"name\": \"text\", \"flag\": true}.";
    private static final int HEX = 16;
    private static final int HEX_DIGITS = 4;

    private final String text;
    private int at;

    private FlatJson(String text) {
        this.text = text;
    }

    /**
     * Returns the members as texts, in their order.
     *
     * @throws IllegalArgumentException if the text is no such object, or has a member twice
     */
    public static Map<String, String> read(String text) {
        FlatJson json = new FlatJson(text);
        Map<String, String> members = json.object();
        json.blanks();
        if (json.at < text.length()) {
            throw json.unexpected();
        }
        return members;
    }

    private Map<String, String> object() {
        Map<String, String> members = new LinkedHashMap<>();
        take('{');
        if (!found('}')) {
            do {
                member(members);
            } while (found(','));
            take('}');
        }
        return members;
    }

    private void member(Map<String, String> members) {
        blanks();
        String name = string();
        take(':');
        blanks();
        if (members.put(name, value()) != null) {
            throw new IllegalArgumentException("The body has the member '" + name + "' twice. Send it once.");
        }
    }

    private String value() {
        for (String word : new String[] {"true", "false"}) {
            if (text.startsWith(word, at)) {
                at += word.length();
                return word;
            }
        }
        return string();
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        take('"');
        for (char c = next(); c != '"'; c = next()) {
            if (c < ' ') {
                throw unexpected();
            }
            string.append(c == '\\' ? escaped() : c);
        }
        return string.toString();
    }

    private char escaped() {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw unexpected();
        };
    }

    private char unicode() {
        int code = 0;
        for (int i = 0; i < HEX_DIGITS; i++) {
            int digit = Character.digit(next(), HEX);
            if (digit < 0) {
                throw unexpected();
            }
            code = code * HEX + digit;
        }
        return (char) code;
    }

    private char next() {
        if (at >= text.length()) {
            throw unexpected();
        }
        return text.charAt(at++);
    }

    private void take(char expected) {
        if (!found(expected)) {
            throw unexpected();
        }
    }

    private boolean found(char expected) {
        blanks();
        boolean found = at < text.length() && text.charAt(at) == expected;
        if (found) {
            at++;
        }
        return found;
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private IllegalArgumentException unexpected() {
        return new IllegalArgumentException(
                "The body is no flat JSON object: it cannot be read at character " + at + "." + FIX);
    }
}
