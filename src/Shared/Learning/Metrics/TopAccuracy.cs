namespace DistTrain.Learning.Metrics;

/// <summary>Share of weight whose class is among the <paramref name="Count"/> that the model ranks first.</summary>
public sealed record TopAccuracy(int Count, double Accuracy);
