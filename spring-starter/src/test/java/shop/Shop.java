package shop;

import dev.millpond.cache.CacheRegistry;
import dev.millpond.cache.LoadingCache;
import dev.millpond.cache.Warmer;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
public class Shop {

    public static void main(String[] arguments) {
        SpringApplication.run(Shop.class, arguments);
    }

    @Bean
    LoadingCache<String, String> categories(CacheRegistry caches) {
        return caches.newCache("categories", String.class).build((String name) -> "all about " + name);
    }

    @Bean
    Warmer categoriesWarmer(LoadingCache<String, String> categories) {
        return categories.warmer(() -> Stream.of("tea", "coffee", "cocoa")).build();
    }

    @Bean
    LoadingCache<Long, String> products(CacheRegistry caches) { // warmed by its hot keys
        return caches.newCache("products", String.class).build((Long id) -> "product " + id);
    }

    @RestController
    record Pages(LoadingCache<String, String> categories, LoadingCache<Long, String> products) {

        @GetMapping("/categories/{name}")
        String category(@PathVariable String name) {
            return categories.get(name);
        }

        @GetMapping("/products/{id}")
        String product(@PathVariable long id) {
            return products.get(id);
        }
    }
}
