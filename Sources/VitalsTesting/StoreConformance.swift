import VitalsCore
package import VitalsEngine

/// What every store has to do, whatever it is made of. Each case is given an empty store of its own.
package struct StoreConformance: Sendable, CustomStringConvertible {
    /// A sentence.
    package let name: String
    /// Throws `Violation`, or what the store throws.
    package let body: @Sendable (any Store) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (any Store) async throws -> Void) {
        self.name = name
        self.body = body
    }

    package var description: String { name }

    package static var cases: [StoreConformance] {
        registering + renaming + history + lists + outbox + pruning + tiers + tierWalks + resources
            + heartbeats + vitals
    }

    /// What the store did otherwise.
    package struct Violation: Error, CustomStringConvertible {
        package let description: String
    }
}

extension StoreConformance {
    static func expect<Value: Equatable>(_ found: Value, is expected: Value, _ what: String) throws {
        guard found != expected else { return }
        throw Violation(description: "\(what): found \(found), expected \(expected)")
    }

    static func expectFailure(_ what: String, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch {
            return
        }
        throw Violation(description: "\(what): nothing was thrown")
    }

    static let sql = Fixture.healthCheck("orders-db", "sql")
    static let port = Fixture.healthCheck("orders-db", "port")

    /// A store that knows `sql` and `port`.
    static func register(in store: any Store) async throws {
        var batch = Batch()
        batch.registered = [sql, port].map { Registration(of: $0, at: at(0)) }
        try await store.record(batch)
    }

    static func at(_ seconds: Int64) -> Timestamp {
        Fixture.at(seconds)
    }

    static func record(_ runs: [Run], evidence: [Run] = [], in store: any Store) async throws {
        var batch = Batch()
        batch.runs = runs
        batch.evidence = evidence.map { RunKey($0.healthCheck, $0.at) }
        try await store.record(batch)
    }

    static func record(_ misses: [Miss], in store: any Store) async throws {
        var batch = Batch()
        batch.misses = misses
        try await store.record(batch)
    }
}
