/** What Millpond costs requests over HTTP, and the start of an application. */
@NullMarked
package dev.millpond.benchmarks.http;

import org.jspecify.annotations.NullMarked;
