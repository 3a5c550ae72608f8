package dev.millpond.spring.internal.cache;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/**
 * Lets changes of a cache take effect with the transaction around them.
 *
 * <p>What is evicted inside a transaction is evicted again when it ends: others may have loaded the old value before
 * the commit, and this thread the new one before a rollback. That is done before anything else hears of the commit.
 */
final class Transactions {

    private static final boolean PRESENT = ClassUtils.isPresent(
            "org.springframework.transaction.support.TransactionSynchronizationManager",
            Transactions.class.getClassLoader());

    private static final Logger log = LoggerFactory.getLogger(Transactions.class);

    private Transactions() {}

    /** Tells whether the calling thread is in a transaction. */
    static boolean active() {
        return PRESENT && Synchronizations.active();
    }

    /**
     * Runs one of the actions when the transaction of the calling thread ends.
     *
     * @param committed what to do if it was committed
     * @param rolledBack what to do if not, or if nobody knows; also if it was rolled back to an earlier savepoint
     */
    static void atEnd(Runnable committed, Runnable rolledBack) {
        Synchronizations.register(committed, rolledBack);
    }

    /** What is done at the end of one transaction, by its thread. */
    private static final class AtEnd implements TransactionSynchronization {

        private final Runnable committed;
        private final Runnable rolledBack;
        private final List<Object> laterSavepoints = new ArrayList<>();
        private boolean undone;
        private boolean done;

        AtEnd(Runnable committed, Runnable rolledBack) {
            this.committed = committed;
            this.rolledBack = rolledBack;
        }

        @Override
        public int getOrder() {
            return HIGHEST_PRECEDENCE;
        }

        @Override
        public void savepoint(Object savepoint) {
            laterSavepoints.add(savepoint);
        }

        @Override
        public void savepointRollback(Object savepoint) {
            undone |= !laterSavepoints.contains(savepoint);
        }

        @Override
        public void afterCommit() {
            done = true;
            try {
                (undone ? rolledBack : committed).run();
            } catch (RuntimeException e) { // else it would look as if the commit had failed
                log.error("A cache was not changed after the commit of a transaction. Its entry may be old.", e);
            }
        }

        @Override
        public void afterCompletion(int status) {
            if (!done) {
                (status == STATUS_COMMITTED && !undone ? committed : rolledBack).run();
            }
        }
    }

    /** Is not loaded without Spring's transactions. */
    private static final class Synchronizations {

        static boolean active() {
            return TransactionSynchronizationManager.isActualTransactionActive()
                    && TransactionSynchronizationManager.isSynchronizationActive();
        }

        static void register(Runnable committed, Runnable rolledBack) {
            TransactionSynchronizationManager.registerSynchronization(new AtEnd(committed, rolledBack));
        }
    }
}
