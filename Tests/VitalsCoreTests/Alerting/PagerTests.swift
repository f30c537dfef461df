import Testing
import VitalsCore

/// What happens to a health check and at a channel, word by word, and what the channel has been told in the
/// end.
///
/// Events: `down`, `degraded`, `recovered`, `ended`, `stale`. At the channel: `begin` (the first attempt at
/// what is ready), `finish` (the last attempt ended), `send` (both). Bindings: `unbound`, `bound`, `-down`,
/// `-degraded`, `-recovered` and the same with `+`; `drop`: the channel was disabled; `restart`. Told: kind
/// and the number of the episode whose page it belongs to.
struct PagerRow: Sendable, CustomTestStringConvertible {
    let script: String
    let told: String
    /// The number of the episode whose page stays open; nothing: none.
    let open: Int?

    init(_ script: String, _ told: String, open: Int? = nil) {
        self.script = script
        self.told = told
        self.open = open
    }

    var testDescription: String { script }

    func check() {
        var play = Play()
        for word in script.split(separator: " ") { play.act(String(word)) }
        #expect(play.told == told)
        #expect(play.openPage == open)
    }
}

/// A script being played.
private struct Play {
    var desk = Desk()
    private var flags = (down: true, degraded: true, recovered: true)
    private var episodes: [EpisodeID] = []
    private var episode: EpisodeID?
    private var second = 0.0

    var told: String {
        desk.sent.map { notice in
            "\(notice.kind)\(notice.episode.flatMap { number(of: $0) }.map { " \($0)" } ?? "")"
        }.joined(separator: ", ")
    }

    var openPage: Int? { desk.pager.page.flatMap { number(of: $0.episode) } }

    mutating func act(_ word: String) {
        if let kind = HealthEvent.Kind(rawValue: word) { return happen(kind) }
        switch word {
        case "begin": desk.begin()
        case "finish": desk.finish()
        case "send":
            desk.begin()
            desk.finish()
        case "drop": desk.drop()
        case "restart": desk.restart()
        case "unbound": desk.binding = nil
        default: bind(word)
        }
    }

    private mutating func bind(_ word: String) {
        let isOn = word.first == "+"
        switch word.dropFirst() {
        case "down": flags.down = isOn
        case "degraded": flags.degraded = isOn
        case "recovered": flags.recovered = isOn
        default: #expect(word == "bound")
        }
        desk.binding = Binding(
            ops, onDown: flags.down, onDegraded: flags.degraded, onRecovered: flags.recovered)
    }

    private mutating func happen(_ kind: HealthEvent.Kind) {
        second += 1
        if episode == nil, kind == .down || kind == .degraded {
            let opened = EpisodeID(of: ordersSQL, openedBy: .second(second))
            episode = opened
            episodes.append(opened)
        }
        desk.hear(
            HealthEvent(
                kind, of: ordersSQL, at: .second(second), episode: episode, reason: nil, from: .unknown,
                to: .unknown))
        if kind == .recovered || kind == .ended { episode = nil }
    }

    private func number(of episode: EpisodeID) -> Int? {
        episodes.firstIndex(of: episode).map { $0 + 1 }
    }
}

@Suite("Whatever paged resolves")
struct PagerTests {
    @Test(
        "what opened a page is told, and its end",
        arguments: [
            PagerRow("down send recovered send", "down 1, recovered 1"),
            PagerRow("degraded send recovered send", "degraded 1, recovered 1"),
            PagerRow("down send ended send", "down 1, ended 1"),
            PagerRow("down send", "down 1", open: 1),
            PagerRow("degraded send down send recovered send", "degraded 1, down 1, recovered 1"),
            PagerRow("down send degraded send recovered send", "down 1, degraded 1, recovered 1"),
            PagerRow(
                "down send recovered send down send recovered send",
                "down 1, recovered 1, down 2, recovered 2"),
        ])
    func told(row: PagerRow) { row.check() }

    @Test(
        "while it is open, later episodes are told under the id of the one that opened it",
        arguments: [
            PagerRow("down begin recovered degraded finish send", "down 1, degraded 1", open: 1),
            PagerRow(
                "down begin recovered degraded finish send recovered send",
                "down 1, degraded 1, recovered 1"),
            PagerRow("down begin recovered degraded ended finish send", "down 1, ended 1"),
            PagerRow("down begin recovered down recovered finish send", "down 1, recovered 1"),
        ])
    func laterEpisodes(row: PagerRow) { row.check() }

    @Test(
        "it is closed by the end told after its last opening, whatever was rebound since",
        arguments: [
            PagerRow("down send unbound recovered send", "down 1, recovered 1"),
            PagerRow("down send -down -recovered recovered send", "down 1, recovered 1"),
            PagerRow("degraded send -degraded ended send", "degraded 1, ended 1"),
            PagerRow("down begin unbound recovered finish send", "down 1, recovered 1"),
            PagerRow("down unbound begin finish recovered send", "down 1, recovered 1"),
            PagerRow("down send recovered unbound send", "down 1, recovered 1"),
            PagerRow("down send recovered unbound down send", "down 1, recovered 1"),
        ])
    func rebound(row: PagerRow) { row.check() }

    @Test(
        "a page that was opened with on_recovered: false ends without a word, whatever was rebound since",
        arguments: [
            PagerRow("-recovered down send recovered send", "down 1"),
            PagerRow("-recovered down send ended send", "down 1"),
            PagerRow("-recovered down send +recovered recovered send", "down 1"),
            PagerRow("-recovered down begin degraded recovered finish send", "down 1"),
            PagerRow("-recovered down send recovered down send", "down 1, down 2", open: 2),
        ])
    func withoutRecovery(row: PagerRow) { row.check() }

    @Test(
        "an opening never yet attempted and its end cancel out",
        arguments: [
            PagerRow("down recovered send", ""),
            PagerRow("degraded ended send", ""),
            PagerRow("down degraded recovered send", ""),
            PagerRow("down stale recovered send", ""),
            PagerRow("down recovered down send", "down 2", open: 2),
            PagerRow("down send recovered begin down recovered finish send", "down 1, recovered 1"),
            PagerRow("down restart recovered send", ""),
        ])
    func cancelOut(row: PagerRow) { row.check() }

    @Test(
        "once an attempt was begun, the order is kept: what follows waits for its last attempt",
        arguments: [
            PagerRow("down begin recovered begin", "down 1", open: 1),
            PagerRow("down begin recovered finish begin", "down 1, recovered 1"),
            PagerRow("down begin restart recovered begin finish begin", "down 1, recovered 1"),
            PagerRow("down send recovered begin down begin", "down 1, recovered 1", open: 2),
            PagerRow("down send recovered begin down finish begin", "down 1, recovered 1, down 2", open: 2),
        ])
    func order(row: PagerRow) { row.check() }

    @Test(
        "while they wait, later states replace each other, and what was told last is not told again",
        arguments: [
            PagerRow("degraded down send", "down 1", open: 1),
            PagerRow("down degraded send", "degraded 1", open: 1),
            PagerRow("degraded begin down degraded finish send", "degraded 1", open: 1),
            PagerRow("down begin degraded down degraded finish send", "down 1, degraded 1", open: 1),
            PagerRow("down begin recovered down finish send", "down 1", open: 1),
            PagerRow("down send recovered down send", "down 1", open: 1),
            PagerRow("down send recovered restart down restart send", "down 1", open: 1),
        ])
    func replaced(row: PagerRow) { row.check() }

    @Test(
        "nothing is opened that the binding does not ask for",
        arguments: [
            PagerRow("unbound down send degraded send recovered send", ""),
            PagerRow("-down down send recovered send", ""),
            PagerRow("-degraded degraded send recovered send", ""),
            PagerRow("-down degraded send", "degraded 1", open: 1),
            PagerRow("-degraded degraded send down send recovered send", "down 1, recovered 1"),
            PagerRow("-degraded down send degraded send recovered send", "down 1, recovered 1"),
            PagerRow("unbound degraded bound down send", "down 1", open: 1),
            PagerRow("unbound down bound recovered send", ""),
        ])
    func bindings(row: PagerRow) { row.check() }

    @Test(
        "stale is told where a page is open or on_down is bound",
        arguments: [
            PagerRow("stale send", "stale"),
            PagerRow("-down stale send", ""),
            PagerRow("unbound stale send", ""),
            PagerRow("down send unbound stale send recovered send", "down 1, stale 1, recovered 1"),
            PagerRow("-down degraded send stale send", "degraded 1, stale 1", open: 1),
            PagerRow("down send stale send down send", "down 1, stale 1, down 1", open: 1),
            PagerRow("down begin stale down finish send", "down 1", open: 1),
            PagerRow("down begin stale recovered finish send", "down 1, recovered 1"),
            PagerRow("down send stale send stale send", "down 1, stale 1", open: 1),
            PagerRow("stale down send", "down 1", open: 1),
        ])
    func stale(row: PagerRow) { row.check() }

    @Test(
        "an end that waits is not replaced by stale: nothing else would ever close the page",
        arguments: [
            PagerRow("down begin recovered stale finish send", "down 1, recovered 1"),
            PagerRow("down begin ended stale finish send", "down 1, ended 1"),
            PagerRow("down send recovered stale send", "down 1, recovered 1"),
            PagerRow("down send recovered restart stale send", "down 1, recovered 1"),
        ])
    func staleKeepsTheEnd(row: PagerRow) { row.check() }

    @Test(
        "a channel that was disabled is told nothing more, and its page is closed unsent",
        arguments: [
            PagerRow("down drop send recovered send", ""),
            PagerRow("down begin drop recovered send", "down 1"),
            PagerRow("down begin recovered drop finish begin", "down 1"),
            PagerRow("down send drop recovered send down send", "down 1, down 2", open: 2),
        ])
    func dropped(row: PagerRow) { row.check() }
}
