using System.Collections.Immutable;
using System.Text.Json;
using DistTrain.EventCheck.Rules;

namespace DistTrain.EventCheck;

/// <summary>What the events of one run say about it.</summary>
/// <param name="Evaluations">Evaluations whose shards were looked at one by one.</param>
/// <param name="Lost">Shards that an evaluation was finished without.</param>
/// <param name="Twice">Shards that an evaluation counts more than once.</param>
/// <param name="StepsCompared">Steps taken again after a restart, and so compared.</param>
/// <param name="Late">Evaluations and steps told by a coordinator that had been deposed.</param>
/// <param name="Finished">Whether the run ended with a result.</param>
sealed record Verdict(
    int Lines, int Terms, int Evaluations, long Shards, long Lost, long Twice,
    long Steps, long StepsTaken, int StepsCompared, int Late, bool Finished, ImmutableArray<string> Violations)
{
    static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    /// <exception cref="FormatException">Something that events.jsonl does not hold.</exception>
    public static Verdict On(TextReader events)
    {
        var (shards, steps, terms, histories) = (new EachShardOnce(), new StepsRise(), new TermsRise(), new HistoriesAgree());
        Rule[] rules = [shards, new EvaluationsRise(), steps, terms, histories, new RowsAddUp(), new OnlyMembersCount()];
        var (lines, finished) = (0, false);
        foreach (var line in EventReading.Of(events))
        {
            lines++;
            finished |= line.Event == "finished";
            foreach (var rule in rules) rule.See(line);
        }
        foreach (var rule in rules) rule.End();
        return new Verdict(
            lines, terms.Terms, shards.Evaluations, shards.Shards, shards.Lost, shards.Twice,
            steps.Highest, steps.Taken, histories.Compared, terms.Late, finished,
            [.. rules.SelectMany(rule => rule.Violations.Select(violation => $"not: {rule.Sentence}: {violation}"))]);
    }

    public string ToJson() => JsonSerializer.Serialize(this, Format);

    public string ToText() =>
        $"{Lines} events, {Terms} terms, {Steps} steps ({StepsTaken} taken, {StepsCompared} compared); "
        + $"{Evaluations} evaluations of {Shards} shards: {Lost} lost, {Twice} counted twice; "
        + $"{Late} late lines of deposed coordinators; {(Finished ? "finished" : "not finished")}";
}
