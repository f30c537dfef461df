import Synchronization

/// How many streams may be open at once.
final class StreamPlaces: Sendable {
    private let limit: Int
    private let taken = Mutex(0)

    init(_ limit: Int) {
        self.limit = limit
    }

    /// How many are taken.
    var count: Int { taken.withLock { $0 } }

    /// A place, or nothing when all are taken.
    func take() -> Place? {
        let hasPlace = taken.withLock { taken in
            guard taken < limit else { return false }
            taken += 1
            return true
        }
        return hasPlace ? Place(self) : nil
    }

    /// One stream's place; given back once, at the latest when nobody holds it any more (an answer may be
    /// thrown away before it begins).
    final class Place: Sendable {
        private let places: StreamPlaces
        private let isTaken = Mutex(true)

        fileprivate init(_ places: StreamPlaces) {
            self.places = places
        }

        deinit { leave() }

        func leave() {
            let wasTaken = isTaken.withLock { isTaken in
                defer { isTaken = false }
                return isTaken
            }
            if wasTaken { places.taken.withLock { $0 -= 1 } }
        }
    }
}
