package dev.millpond.servlet.internal;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Sends JSON that nobody is to store as a whole response. */
public final class JsonBody {

    private JsonBody() {}

    /** Sends a text of a media type with a status. */
    public static void send(HttpServletResponse response, int status, String mediaType, String json)
            throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        response.setContentType(mediaType);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
