import Testing

@Suite("The repository is tidy")
struct TidyTests {
    static let rules: [any Rule] = [
        ImportRule(), BannedWordRule(), SizeRule(), NameRule(),
        DocumentationRule(sources: Repository.sources),
    ]

    @Test("every file keeps every rule", arguments: rules.map(\.name))
    func keepsTheRules(rule: String) throws {
        let rule = try #require(Self.rules.first { $0.name == rule })
        let violations = Repository.sources.flatMap(rule.violations).filter { !Exceptions.covers($0) }
        for violation in violations {
            Issue.record("\(violation)")
        }
    }

    @Test("no exception outlives its need")
    func exceptionsAreNeeded() {
        let violations = Repository.sources.flatMap { file in Self.rules.flatMap { $0.violations(in: file) } }
        #expect(Exceptions.unused(among: violations) == [])
    }

    @Test("the rules see the sources")
    func seesTheSources() {
        #expect(Repository.sources.count > 10)
        #expect(Repository.targets.contains("VitalsCore"))
    }

    @Test("every target has its row in the table of imports")
    func everyTargetHasImports() {
        #expect(Set(ImportRule.allowed.keys) == Set(Repository.targets))
    }

    @Test("each outside dependency belongs to one target")
    func dependenciesHaveOneOwner() {
        let ours = Set(ImportRule.allowed.keys)
        let outside = ImportRule.allowed.values.joined().filter {
            !ours.contains($0) && !ImportRule.toolchain.contains($0)
        }
        let counts = Dictionary(outside.map { ($0, 1) }, uniquingKeysWith: +)
        let many = Set(counts.filter { $0.value > 1 }.keys)
        #expect(many == Set(ImportRule.shared.keys))
    }

    @Test("the adapters never see each other")
    func adaptersAreApart() {
        let adapters: Set = ["VitalsNet", "VitalsStore", "VitalsServer"]
        for adapter in adapters {
            let seen = ImportRule.allowed[adapter, default: []].intersection(adapters)
            #expect(seen == [])
        }
    }

    @Test("every link inside the documents leads somewhere", arguments: Repository.pages)
    func linksResolve(page: String) {
        let text = Repository.text(of: page)
        #expect(!text.isEmpty, "\(page) is missing or empty")
        #expect(DocumentRules.brokenLinks(in: text, at: page, exists: Repository.exists) == [])
    }

    @Test("the map is short and names every target")
    func mapIsComplete() {
        let map = Repository.text(of: "ARCHITECTURE.md")
        #expect(map.split(separator: "\n", omittingEmptySubsequences: false).count <= 200)
        for target in Repository.targets {
            #expect(map.contains("`\(target)`"), "ARCHITECTURE.md does not name \(target)")
        }
        #expect(map.contains("Invariant:"))
    }

    @Test("every key and variable of the configuration is described")
    func settingsAreDescribed() {
        let folders = ["VitalsEngine/Configuration/", "VitalsNet/"].map { "Sources/\($0)" }
        let files = Repository.sources.filter { file in folders.contains { file.path.hasPrefix($0) } }
        let settings = files.reduce(into: Set<String>()) {
            $0.formUnion(DocumentRules.settings(in: Repository.text(of: $1.path)))
        }
        #expect(settings.isSuperset(of: ["interval", "dsn", "thresholds", "API_TOKEN"]))
        let page = ["configuration", "checks", "channels"].map { Repository.text(of: "docs/\($0).md") }
            .joined()
        #expect(DocumentRules.undocumented(settings, in: page) == [])
    }
}
