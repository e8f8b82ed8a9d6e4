/** The bus, the journal and their codec alone, with JMH: {@code java -cp 'target/benchmarks.jar:target/lib/*' org.openjdk.jmh.Main Bus}. */
@NullMarked
package org.fieldhouse.benchmarks.bus;

import org.jspecify.annotations.NullMarked;
