package dev.millpond.spring.internal.cache;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/**
 * Lets changes of a cache take effect with the transaction around them.
 *
 * <p>What is evicted inside a transaction is evicted again when it ends: others may have loaded the old value before
 * the commit, and this thread the new one before a rollback.
 */
final class Transactions {

    private static final boolean PRESENT = ClassUtils.isPresent(
            "org.springframework.transaction.support.TransactionSynchronizationManager",
            Transactions.class.getClassLoader());

    private Transactions() {}

    /** Tells whether the calling thread is in a transaction. */
    static boolean active() {
        return PRESENT && Synchronizations.active();
    }

    /**
     * Runs one of the actions when the transaction of the calling thread ends.
     *
     * @param committed what to do if it was committed
     * @param rolledBack what to do if not, or if nobody knows
     */
    static void atEnd(Runnable committed, Runnable rolledBack) {
        Synchronizations.register(committed, rolledBack);
    }

    /** Is not loaded without Spring's transactions. */
    private static final class Synchronizations {

        static boolean active() {
            return TransactionSynchronizationManager.isActualTransactionActive()
                    && TransactionSynchronizationManager.isSynchronizationActive();
        }

        static void register(Runnable committed, Runnable rolledBack) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCompletion(int status) {
                    (status == STATUS_COMMITTED ? committed : rolledBack).run();
                }
            });
        }
    }
}
