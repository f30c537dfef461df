import Synchronization
package import VitalsEngine

/// A spool in memory that can be made to fail.
package final class MemorySpool: Spool {
    /// What it throws while it fails.
    package struct Failure: Error {}

    private struct World {
        var results: [HeldResult] = []
        var room: Int
        var isFailing = false
        var most = 0
    }

    private let size: Int
    private let world: Mutex<World>

    /// - Parameter size: in results.
    package init(size: Int) {
        self.size = size
        world = Mutex(World(room: size))
    }

    /// From now on it fails in whatever it is asked.
    package func fail() {
        world.withLock { $0.isFailing = true }
    }

    /// How many results it holds.
    package var count: Int { world.withLock(\.results.count) }

    /// How many it held at most.
    package var most: Int { world.withLock(\.most) }

    package func append(_ results: [HeldResult]) async throws -> Int {
        try world.withLock { world in
            if world.isFailing { throw Failure() }
            let count = min(results.count, world.room)
            world.results += results.prefix(count)
            world.room -= count
            world.most = max(world.most, world.results.count)
            return count
        }
    }

    package func take(_ limit: Int) async throws -> [HeldResult] {
        try world.withLock { world in
            if world.isFailing { throw Failure() }
            let taken = Array(world.results.prefix(limit))
            world.results.removeFirst(taken.count)
            if world.results.isEmpty { world.room = size }
            return taken
        }
    }
}
