import NIOCore
import Synchronization
import VitalsCore

/// How often Cloudflare's API is called with each token, whichever checks call: it counts all calls of a user
/// together, 1,200 in five minutes, and blocks everything of theirs beyond it.
final class D1Budgets: Sendable {
    /// What is left of the limit is for the user's own tools.
    static let limit = 1_000
    static let span = Duration.seconds(300)

    private let budget: Mutex<CallBudget<Secret>>

    /// - Parameter limit: calls with one token within `span`.
    init(limit: Int = D1Budgets.limit) {
        budget = Mutex(CallBudget(limit: limit, per: Self.span))
    }

    /// A call wants to go out.
    func take(_ token: Secret) -> CallBudget<Secret>.Decision {
        budget.withLock { $0.take(token, at: Self.now) }
    }

    /// Cloudflare wants to be left alone.
    func pause(_ token: Secret, for wait: Duration) {
        budget.withLock { $0.pause(token, until: Self.now + wait) }
    }

    /// By a clock that does not go back.
    private static var now: Timestamp {
        Timestamp(microseconds: Int64(NIODeadline.now().uptimeNanoseconds / 1_000))
    }
}
