import Synchronization
import VitalsCore

/// The keys of the logins of late, shared by every probe of the process: a login with known keys costs a
/// tenth.
///
/// At most 10,000 in two generations: when the young one is full it becomes the old one, and what is not
/// asked for again goes with it.
final class ScramKeyCache: Sendable {
    private struct Key: Hashable {
        let password: Secret
        let salt: [UInt8]
        let iterations: Int
    }

    private struct Generations {
        var young: [Key: ScramKeys] = [:]
        var old: [Key: ScramKeys] = [:]
    }

    private let generations = Mutex(Generations())
    private let generationSize: Int

    /// - Parameter capacity: keys at most.
    init(capacity: Int = 10_000) {
        precondition(capacity >= 2)
        generationSize = capacity / 2
    }

    var count: Int { generations.withLock { $0.young.count + $0.old.count } }

    /// The keys if they are known.
    func keys(for password: Secret, _ challenge: ScramChallenge) -> ScramKeys? {
        let key = Key(password: password, salt: challenge.salt, iterations: challenge.iterations)
        return generations.withLock { generations in
            if let keys = generations.young[key] { return keys }
            guard let keys = generations.old.removeValue(forKey: key) else { return nil }
            insert(keys, for: key, into: &generations)
            return keys
        }
    }

    /// The keys, derived unless they have become known in the meantime. Slow: not for an event loop.
    func derivedKeys(for password: Secret, _ challenge: ScramChallenge) -> ScramKeys? {
        if let known = keys(for: password, challenge) { return known }
        let derived = ScramKeys(
            password: password.revealed, salt: challenge.salt, iterations: challenge.iterations)
        guard let derived else { return nil }
        let key = Key(password: password, salt: challenge.salt, iterations: challenge.iterations)
        generations.withLock { insert(derived, for: key, into: &$0) }
        return derived
    }

    private func insert(_ keys: ScramKeys, for key: Key, into generations: inout Generations) {
        if generations.young.count >= generationSize {
            generations.old = generations.young
            generations.young = [:]
        }
        generations.young[key] = keys
    }
}
