package dev.millpond.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Filters and servlets for a server to be tested with, each registered for every kind of dispatch. */
final class WebApp {

    private final List<BiConsumer<ServletContext, String>> parts = new ArrayList<>();
    private @Nullable String errorPage;

    WebApp filter(Filter filter) {
        parts.add((context, name) -> {
            FilterRegistration.Dynamic registration = context.addFilter(name, filter);
            registration.setAsyncSupported(true);
            registration.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), true, "/*");
        });
        return this;
    }

    WebApp servlet(String path, Application application) {
        parts.add((context, name) -> {
            ServletRegistration.Dynamic registration = context.addServlet(name, new ApplicationServlet(application));
            registration.setAsyncSupported(true);
            registration.addMapping(path);
        });
        return this;
    }

    WebApp with(Consumer<ServletContext> registration) {
        parts.add((context, name) -> registration.accept(context));
        return this;
    }

    WebApp errorPage(String path) {
        errorPage = path;
        return this;
    }

    @Nullable
    String errorPage() {
        return errorPage;
    }

    void register(ServletContext context) {
        for (int i = 0; i < parts.size(); i++) {
            parts.get(i).accept(context, "part-" + i);
        }
    }

    private static final class ApplicationServlet extends HttpServlet {

        @Serial
        private static final long serialVersionUID = 1;

        private final transient Application application;

        ApplicationServlet(Application application) {
            this.application = application;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            application.serve(request, response);
        }
    }
}
