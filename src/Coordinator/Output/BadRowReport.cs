using DistTrain.Coordinator.Input;
using DistTrain.Data.Tables;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Output;

/// <summary>Says which malformed rows were left out.</summary>
static class BadRowReport
{
    /// <param name="quarantineShown">Where they are kept; null: nowhere.</param>
    public static void Tell(Talk talk, TrainingInput input, string? quarantineShown)
    {
        if (input.Table is { } table) Tell(talk, table, "left out");
        if (input.Validation is { } validation) Tell(talk, validation, "left out");
        if (input.BadRowCount > 0 && quarantineShown is not null) talk.Note("bad rows", $"kept in {quarantineShown}");
    }

    /// <param name="consequence">What became of them, as in "left out".</param>
    public static void Tell(Talk talk, Table table, string consequence)
    {
        if (table.Bad.Count == 0) return;
        var (count, all) = (Figures.Count(table.Bad.Count), Figures.Count((long)table.RowCount + table.Bad.Count, "row", "rows"));
        var (are, shown) = (table.Bad.Count == 1 ? "is" : "are", table.Bad.Count > table.Bad.First.Length ? "; the first" : "");
        talk.Warn($"{count} of {all} {are} malformed and {consequence}{shown}:");
        foreach (var problem in table.Bad.First) talk.Warn($"  {problem.Code}: {problem.Message}");
    }
}
