namespace DistTrain.Protocol;

/// <summary>Number of an evaluation within a run and term, from 1, rising by one.</summary>
public readonly record struct EvaluationId(long Number)
{
    public EvaluationId Next => new(Number + 1);

    public override string ToString() => $"evaluation {Number}";
}
