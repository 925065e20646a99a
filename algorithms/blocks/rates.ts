/** Inner step sizes as learned state. */
import type { Model, ParameterSpec } from "../models/model.ts";

/** The name of a parameter's step size; layers are counted from 0. */
export function rateName(layer: number, parameter: string): string {
  return `rate${layer}.${parameter}`;
}

/** A step size for every element of every parameter of a model, [1, ...] as the parameter's shared form, all equal at the start. */
export function ratesPerParameter(model: Model, start: number): ParameterSpec[] {
  return model.layers.flatMap(({ parameters }, layer) =>
    parameters.map(({ name, shape }) => ({
      name: rateName(layer, name),
      shape: [1, ...shape],
      init: (size: number) => new Float32Array(size).fill(start),
    }))
  );
}

/** The name of a parameter tensor's step size at an inner step; layers and steps are counted from 0. */
export function rateOfStep(layer: number, parameter: string, step: number): string {
  return `${rateName(layer, parameter)}.${step}`;
}

/** A step size for every parameter tensor of a model and every inner step, [1, 1, 1] each, all equal at the start. */
export function ratesPerStep(model: Model, start: number, steps: number): ParameterSpec[] {
  return model.layers.flatMap(({ parameters }, layer) =>
    parameters.flatMap(({ name }) =>
      Array.from({ length: steps }, (_, step) => ({
        name: rateOfStep(layer, name, step),
        shape: [1, 1, 1],
        init: (size: number) => new Float32Array(size).fill(start),
      }))
    )
  );
}
