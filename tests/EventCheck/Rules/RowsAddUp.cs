namespace DistTrain.EventCheck.Rules;

/// <summary>Every row counts: in evaluations of all rows, in a batch asked for again, over the batches of an epoch.</summary>
sealed class RowsAddUp : Rule
{
    readonly Dictionary<string, long> _rowsOfPart = [];
    readonly SortedDictionary<long, (long Rows, double Epochs)> _batches = [];
    readonly Dictionary<long, long> _batchRows = [];

    public override string Sentence => "rows add up: of evaluations of a kind, of a step taken again, of the batches of an epoch";

    public override void See(EventLine line)
    {
        if (line.Event == "evaluation" && line.Whole("rows") is { } rows) SeeEvaluation(line, rows, line.Text("part") ?? "");
        else if (line.Event == "step" && line.Whole("step") is { } step) SeeStep(line, step);
    }

    public override void End()
    {
        var (sum, epoch) = (0L, (long?)null);
        var expected = 1L;
        foreach (var (step, batch) in _batches)
        {
            if (step != expected++) return; // Steps that nobody told of: their rows are not known.
            sum += batch.Rows;
            if (batch.Epochs != Math.Floor(batch.Epochs)) continue;
            if (epoch is { } before && sum != before) Violated($"step {step} ends an epoch of {sum} rows; the first had {before}");
            (epoch, sum) = (epoch ?? sum, 0);
        }
    }

    void SeeEvaluation(EventLine line, long rows, string part)
    {
        if (line.Text("kind") == "batch")
            _batchRows[line.Term] = rows;
        else if (!_rowsOfPart.TryAdd(part, rows) && _rowsOfPart[part] != rows)
            Violated(line, $"an evaluation of the {part} part has {rows} rows, and had {_rowsOfPart[part]} before");
    }

    void SeeStep(EventLine line, long step)
    {
        if (!_batchRows.Remove(line.Term, out var rows) || line.Digits("epochs") is not { } epochs) return;
        if (!_batches.TryAdd(step, (rows, double.Parse(epochs))) && _batches[step].Rows != rows)
            Violated(line, $"step {step} has {rows} rows, and had {_batches[step].Rows} before");
    }
}
