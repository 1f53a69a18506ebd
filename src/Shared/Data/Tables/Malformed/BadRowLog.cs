using System.Globalization;
using DistTrain.Data.Tables.Parsing;
using DistTrain.Problems;

namespace DistTrain.Data.Tables.Malformed;

/// <summary>Takes the malformed rows of one table as they are met, and says when it is enough.</summary>
/// <param name="quarantine">Gets each row that is left out; null: nobody wants them.</param>
sealed class BadRowLog(BadRowRule rule, Action<BadRow>? quarantine)
{
    const string Hint = "fix: --bad-rows skip, if such rows do not matter";

    readonly List<Problem> _first = [];
    readonly GrowingArray<int> _positions = new();

    /// <summary>Every one of them ends the reading.</summary>
    public bool Fails => rule.Fails;

    /// <summary>Somebody wants the rows that are left out.</summary>
    public bool WantsText => quarantine is not null;

    /// <summary>Takes one.</summary>
    /// <param name="position">Its number among all rows.</param>
    /// <param name="text">Its text; looked at only where <see cref="WantsText"/>.</param>
    /// <exception cref="DistTrainException">That is enough of them.</exception>
    public void Take(Problem problem, int position, string text)
    {
        _positions.Add(position);
        if (_first.Count < BadRows.ShownMax) _first.Add(problem);
        if (Fails && _first.Count == BadRows.ShownMax) throw Failure();
        if (Fails) return;
        if (rule.CountMax is { } max && _positions.Count > max) throw TooMany($"the first {Text(position + 1)} rows", Text(max));
        quarantine?.Invoke(new BadRow(problem, text));
    }

    /// <summary>All rows have been met.</summary>
    /// <param name="rowCount">Rows of all files, malformed ones too.</param>
    /// <exception cref="DistTrainException">There were malformed ones that end the reading, or too many, or no others.</exception>
    public BadRows Finish(int rowCount)
    {
        if (_positions.Count == 0) return BadRows.None;
        if (Fails) throw Failure();
        if (rule.ShareMax is { } share && _positions.Count > share * rowCount)
            throw TooMany($"{Text(rowCount)} rows", $"{Text(share * 100)}%");
        return _positions.Count < rowCount ? new BadRows([.. _first], _positions.ToArray()) : throw NoOthers(rowCount);
    }

    /// <summary>The exception that ends the reading for another reason; where rows had failed before, they are told first.</summary>
    public DistTrainException Joined(DistTrainException end) =>
        !Fails || _first.Count == 0 ? end : new DistTrainException(_first[0], end) { Others = [.. _first.Skip(1), end.Problem] };

    DistTrainException Failure()
    {
        var all = _first.Count == BadRows.ShownMax ? $"these are the first {BadRows.ShownMax} bad rows; there may be more" : null;
        var last = _first[^1] with { Details = [.. _first[^1].Details, Hint, .. all is null ? [] : new[] { all }] };
        return Told([.. _first.SkipLast(1), last]);
    }

    DistTrainException TooMany(string rows, string limit) => Told(
    [
        new("DT4209", ExitCode.Input,
            $"{_first[0].File}: {Text(_positions.Count)} of {rows} are malformed, more than --max-bad {limit}",
            "fix: mend the rows, or a higher --max-bad") { File = _first[0].File },
        .. _first,
    ]);

    DistTrainException NoOthers(int rowCount) => Told(
    [
        new("DT4210", ExitCode.Input, $"{_first[0].File}: all {Text(rowCount)} rows are malformed",
            "expected: at least one row that is not") { File = _first[0].File },
        .. _first,
    ]);

    static DistTrainException Told(List<Problem> problems) => new(problems[0]) { Others = [.. problems.Skip(1)] };

    static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
