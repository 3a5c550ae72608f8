package dev.millpond.examples.boot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.annotation.EnableCaching;

/** The application; its settings are in {@code application.yml}. */
@SpringBootApplication
@EnableCaching
public class StandingsApplication {

    /** Starts the application; it runs until the process is ended. */
    public static void main(String[] arguments) {
        SpringApplication.run(StandingsApplication.class, arguments);
    }
}
