namespace DistTrain.Protocol;

/// <summary>Number of a coordinator's reign over a run, rising with each start; answers to an earlier one are refused.</summary>
public readonly record struct Term(long Number)
{
    public static Term First { get; } = new(1);

    public override string ToString() => $"term {Number}";
}
