import Testing

@testable import VitalsEngine

@Suite("Files are read again once they have changed and lie still")
struct FileWatchTests {
    @Test(
        "looked at again and again",
        arguments: [
            ("nothing changes", ["a", "a", "a"], [false, false, false]),
            ("a change is read the second time it is seen", ["b", "b", "b"], [false, true, false]),
            ("what goes on changing is left alone", ["b", "c", "d", "d"], [false, false, false, true]),
            ("what changes back is as it was", ["b", "a", "a"], [false, false, false]),
        ] as [(String, [String], [Bool])])
    func looking(_: String, seen: [String], isDue: [Bool]) {
        var watch = FileWatch("a")
        let found = seen.map { fingerprint in
            let isDue = watch.isDue(fingerprint)
            if isDue { watch.loaded(fingerprint) }
            return isDue
        }
        #expect(found == isDue)
    }

    @Test("what is demanded is read at once, once")
    func demanded() {
        var watch = FileWatch("a")
        watch.demand()
        let isDue = watch.isDue("a")
        watch.loaded("a")
        let isDueAgain = watch.isDue("a")
        #expect(isDue && !isDueAgain)
    }
}
