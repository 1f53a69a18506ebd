namespace DistTrain.Training;

/// <summary>How probabilities are calibrated after training.</summary>
public enum CalibrationKind
{
    None,

    /// <summary>All logits divided by one number, fitted on the validation part.</summary>
    Temperature,
}

/// <summary>A fitted temperature T: the model's probabilities are softmax(z / T).</summary>
/// <param name="Temperature">From 0.01 to 100; above 1 where the model was too sure of itself.</param>
/// <param name="LogLossBefore">
/// Of the validation part at temperature 1, nats; rows whose class the softmax does not have are left out.
/// </param>
/// <param name="LogLossFitted">At the temperature, of the same rows that it was fitted on: no estimate for others.</param>
/// <param name="IsAtLimit">
/// Whether no temperature is the best: the loss still falls at the end of the range, where the fit stopped, or is 0.
/// </param>
public sealed record Calibration(double Temperature, double LogLossBefore, double LogLossFitted, bool IsAtLimit);
