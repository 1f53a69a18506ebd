namespace DistTrain.EventCheck.Rules;

/// <summary>No evaluation is applied a second time.</summary>
sealed class EvaluationsRise : Rule
{
    readonly Dictionary<long, long> _newest = [];

    public override string Sentence => "within a term the numbers of evaluations rise";

    public override void See(EventLine line)
    {
        if (line.Event != "evaluation" || line.Whole("evaluation") is not { } number) return;
        if (_newest.TryGetValue(line.Term, out var before) && number <= before)
            Violated(line, $"evaluation {number} after evaluation {before}");
        _newest[line.Term] = number;
    }
}
