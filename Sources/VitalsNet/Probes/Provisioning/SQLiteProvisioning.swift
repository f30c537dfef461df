import VitalsCore
import VitalsEngine

extension Network {
    /// A file has no users: the table is all there is.
    func sqliteProvisioning(_ target: String, _ table: String?) throws(TargetError) -> Provisioning {
        let names = try WriteSettings.table(table, usual: SQLiteHeartbeat.usualTable)
        let probe = try SQLiteProbe(parsing: target, loops: loops, threads: fileThreads)
        let text = Provisioning.section(
            "SQLite: the table of the write probe, one row for each prober, for ever.",
            [SQLiteHeartbeat.definition(of: names[0])])
        return Provisioning(text: text, applying: try probe.making(names), remarks: [])
    }
}
