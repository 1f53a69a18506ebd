namespace DistTrain.Learning.Metrics;

/// <summary>The rows whose top probability p lies in (From, To]: how sure the model was of them, and how often it was right.</summary>
/// <param name="Weight">Σ wᵢ of the rows; above 0, since bins without weight are left out.</param>
/// <param name="Confidence">Weighted mean of the top probability.</param>
/// <param name="Accuracy">Share of weight whose class is the most probable one.</param>
public sealed record ReliabilityBin(double From, double To, double Weight, double Confidence, double Accuracy);
