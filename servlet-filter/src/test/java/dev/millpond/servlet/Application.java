package dev.millpond.servlet;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** What an application does with a request. */
@FunctionalInterface
interface Application {

    void serve(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException;
}
