package import VitalsCore

/// Where results wait for which there is no room in memory while the store cannot be written: first in, first
/// out, and gone with the process. It is asked one thing at a time.
package protocol Spool: Sendable {
    /// Puts results at the end, in their order, as many as there is room for. What has been taken out may
    /// leave no room until everything has.
    ///
    /// - Returns: how many. Throws when none of them is there.
    func append(_ results: [HeldResult]) async throws -> Int

    /// Takes out the oldest.
    ///
    /// - Parameter limit: at most so many; at least one comes if there is one.
    /// - Throws: when what is there cannot be read or is not what was put there. Then it is empty.
    func take(_ limit: Int) async throws -> [HeldResult]
}

/// A result that is still to be evaluated and recorded.
package enum HeldResult: Sendable, Equatable {
    /// With what a `LedgerItem` says of it.
    case run(Run, ticket: Int, isEvaluated: Bool)
    case miss(Miss)
}

/// What a store's error tells the node beyond its words.
package protocol StoreFailure: Error {
    /// Whether the store holds what nobody wrote, so that trying again does not help.
    var isDamage: Bool { get }
}
