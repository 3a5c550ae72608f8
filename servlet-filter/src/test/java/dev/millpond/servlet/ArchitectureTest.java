package dev.millpond.servlet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.millpond.runtime.HouseRules;
import java.net.InetAddress;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {

    private static final JavaClasses MODULE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.millpond.servlet");

    @TestFactory
    Stream<DynamicTest> module_always_keepsTheHouseRules() {
        return HouseRules.testsFor(RateLimitFilter.class);
    }

    @Test
    void module_always_isFreeOfFrameworks() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "org.redisson..", "io.github.bucket4j..")
                .because("the filters work in any servlet container, with whatever engine is behind the limiter")
                .check(MODULE);
    }

    @Test
    void internals_always_areFreeOfThePublicApi() {
        noClasses()
                .that()
                .resideInAPackage("dev.millpond.servlet.internal")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.millpond.servlet")
                .because("two packages that need each other are one")
                .check(MODULE);
    }

    @Test
    void cache_always_isNeededByTheCacheStatusPartsOnly() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.(CacheStatus|LookupCollector).*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.millpond.cache..")
                .because("the cache is an optional dependency: limits must work without it")
                .check(MODULE);
    }

    @Test
    void addresses_always_areReadWithoutTheResolver() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(InetAddress.class)
                .because("a text that a client sent must never reach a name server")
                .check(MODULE);
    }
}
