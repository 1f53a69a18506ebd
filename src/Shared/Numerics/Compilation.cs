using System.Runtime.CompilerServices;

namespace DistTrain.Numerics;

/// <summary>When arithmetic is compiled.</summary>
static class Compilation
{
    /// <summary>
    /// With all optimisations, at its first call, in every program: for what cannot be compiled ahead since it looks for vectors of 512 bits.
    /// </summary>
    public const MethodImplOptions AtFirstCall = MethodImplOptions.AggressiveOptimization;

    /// <summary>
    /// With all optimisations, before its first call: by the runtime's compiler, or, in a program published for one kind of system, ahead of
    /// time. Code that the runtime is told to optimise by itself is never compiled ahead.
    /// </summary>
    public const MethodImplOptions Full =
#if COMPILED_AHEAD
        default;
#else
        AtFirstCall;
#endif
}
