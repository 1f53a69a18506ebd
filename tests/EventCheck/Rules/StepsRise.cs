namespace DistTrain.EventCheck.Rules;

/// <summary>Steps follow one another; a resumed run begins where some coordinator had been.</summary>
sealed class StepsRise : Rule
{
    readonly Dictionary<long, long> _newest = [];
    long _highest;

    public override string Sentence => "within a term steps rise by one, from 0 or from a step that was taken before";

    /// <summary>The highest step taken.</summary>
    public long Highest => _highest;

    /// <summary>Steps taken in all, those that were taken again included.</summary>
    public long Taken { get; private set; }

    public override void See(EventLine line)
    {
        if (line.IsStart) Begin(line, line.Event == "resumed" ? line.Whole("step") ?? 0 : 0);
        else if (line.Event == "step" && line.Whole("step") is { } step) Take(line, step);
    }

    void Begin(EventLine line, long step)
    {
        if (step > _highest) Violated(line, $"begins at step {step}, but no step above {_highest} was taken");
        _newest[line.Term] = step;
    }

    void Take(EventLine line, long step)
    {
        var before = _newest.GetValueOrDefault(line.Term);
        if (step == 0 && before == 0) return; // Some optimisers tell of the point that they start from.
        if (step != before + 1) Violated(line, $"step {step} after step {before}");
        _newest[line.Term] = step;
        _highest = Math.Max(_highest, step);
        Taken++;
    }
}
